/**
 * What AWS's clients require as `./rapid-client.node`: on AWS a native addon, made of curl and C++,
 * which asks the Runtime API. This does the same with what Node.js has, so that nothing is compiled.
 *
 * `next` lets the event loop go on. `done` and `error` return when the answer was taken, as the
 * addon's do: the clients end the process right after them.
 */

"use strict";

const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");

const PREFIX = "/2018-06-01/runtime/invocation";
const PAUSE_MS = 0.1;
const BUFFER_BYTES = 4096;
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const clock = new Int32Array(new SharedArrayBuffer(4));

/** The connection that answers go out on; nobody reads it but `exchange`. */
let answers;

function connect() {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    socket.pause(); // else its answers are read by the event loop
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => {}); // whoever uses it next is told
      socket.unref(); // it keeps nobody waiting for an empty event loop
      resolve(socket);
    });
  });
}

function get(path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host, port, path, agent }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ bodyJson: Buffer.concat(pieces).toString(), headers: response.headers });
      });
    });
    request.on("error", reject);
  });
}

/** Call *operation* until the kernel can do it, without going back to the event loop. */
function insist(operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (error.code !== "EAGAIN") {
        throw error;
      }
      Atomics.wait(clock, 0, 0, PAUSE_MS);
    }
  }
}

/** Send *request* whole, and read its answer to the end. */
function exchange(descriptor, request) {
  for (let sent = 0; sent < request.length; ) {
    sent += insist(() => fs.writeSync(descriptor, request, sent));
  }
  const buffer = Buffer.alloc(BUFFER_BYTES);
  for (let answer = "", end = 0; !end || answer.length < end; ) {
    const read = insist(() => fs.readSync(descriptor, buffer));
    if (read === 0) {
      throw new Error("The Runtime API closed the connection");
    }
    answer += buffer.toString("latin1", 0, read);
    const [, head, length] = /^(.*?content-length: *(\d+).*?\r\n\r\n)/is.exec(answer) ?? [];
    end = head === undefined ? 0 : head.length + Number(length);
  }
}

function post(path, body, headers = {}) {
  const content = Buffer.from(body);
  const fields = {
    Host: `${host}:${port}`,
    "Content-Type": "application/json",
    "Content-Length": content.length,
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${PREFIX}/${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  exchange(answers._handle.fd, Buffer.concat([Buffer.from(head), content]));
}

/** The next event: its text, and the headers that came with it. */
async function next() {
  answers ??= await connect();
  return get(`${PREFIX}/next`);
}

/** Answer the event *id*. */
function done(id, body) {
  post(`${id}/response`, body);
}

/** Answer the event *id* with an error. */
function error(id, body) {
  const { errorType } = JSON.parse(body);
  post(`${id}/error`, body, { "Lambda-Runtime-Function-Error-Type": encodeURI(errorType ?? "") });
}

module.exports = { next, done, error };
