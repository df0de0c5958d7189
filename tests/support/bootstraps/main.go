// A custom runtime without a library: it answers each event with the event.
package main

import (
	"bufio"
	"io"
	"net"
	"net/textproto"
	"os"
	"strconv"
)

func main() {
	api := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	connection, err := net.Dial("tcp", api)
	check(err)
	reader := bufio.NewReader(connection)
	ask := func(method, path, body string) (textproto.MIMEHeader, string) {
		_, err := io.WriteString(connection, method+" /2018-06-01/runtime/invocation/"+path+
			" HTTP/1.1\r\nHost: "+api+"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
		check(err)
		lines := textproto.NewReader(reader)
		_, err = lines.ReadLine()
		check(err)
		headers, err := lines.ReadMIMEHeader()
		check(err)
		size, err := strconv.Atoi(headers.Get("Content-Length"))
		check(err)
		content := make([]byte, size)
		_, err = io.ReadFull(reader, content)
		check(err)
		return headers, string(content)
	}
	for {
		headers, event := ask("GET", "next", "")
		id := headers.Get("Lambda-Runtime-Aws-Request-Id")
		ask("POST", id+"/response", `{"compiled": `+event+"}")
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
