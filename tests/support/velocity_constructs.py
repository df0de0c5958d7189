"""Constructs of mapping templates, with what API Gateway makes of them.

The methods are those of Java SE's String, List, Map and Map.Entry, with the results that their API
documentation gives; the rest is the Apache Velocity User Guide's, and what API Gateway answered
where it was recorded: an undefined reference renders as nothing, and is no ``false``.
"""

from __future__ import annotations

from typing import Final

# A body that each construct has as $body.
BODY: Final = (
    '{"message": "tea", "list": [1, "b", {"c": 2}], "map": {"a": "x", "b": {"c": null}}, '
    '"n": 5, "half": 0.5, "flag": false, "empty": "", "lines": "a\\nb"}'
)
CONSTRUCTS: Final = (
    # String
    ("$body.message.equals('tea')", "true"),
    ("$body.message.equals('Tea')", "false"),
    ("$body.message.equalsIgnoreCase('TEA')", "true"),
    ("$body.message.toString()", "tea"),
    ("$body.message.length()", "3"),
    ("$body.message.isEmpty()", "false"),
    ("$body.empty.isEmpty()", "true"),
    ("$body.empty.empty", "true"),
    ("$body.message.charAt(1)", "e"),
    ("$body.message.concat('pot')", "teapot"),
    ("$body.message.contains('ea')", "true"),
    ("$body.message.startsWith('te')", "true"),
    ("$body.message.endsWith('ea')", "true"),
    ("$body.message.indexOf('a')", "2"),
    ("$body.message.indexOf('z')", "-1"),
    ("$body.message.lastIndexOf('e')", "1"),
    ("$body.message.substring(1)", "ea"),
    ("$body.message.substring(0,2)", "te"),
    ("$body.message.toUpperCase()", "TEA"),
    ("$body.message.toUpperCase().toLowerCase()", "tea"),
    ("#set($s = ' a ')$s.trim().length()", "1"),
    ("$body.message.replace('e','i')", "tia"),
    ("$body.message.replaceAll('[ae]','o')", "too"),
    ("$body.message.replaceAll('(t)(e)','$2$1')", "eta"),
    ("$body.message.replaceFirst('[ae]','o')", "toa"),
    ("$body.message.matches('t.a')", "true"),
    ("$body.message.matches('te')", "false"),
    ("#set($s = 'a,b,,')$s.split(',').size()", "2"),
    ("#set($s = 'a,b')#foreach($p in $s.split(','))<$p>#end", "<a><b>"),
    ("$body.message.compareTo('tea')", "0"),
    ("$body.message.hashCode()", "114704"),
    # List
    ("$body.list.size()", "3"),
    ("$body.list.isEmpty()", "false"),
    ("$body.list.get(1)", "b"),
    ("$body.list[0]", "1"),
    ("$body.list.contains('b')", "true"),
    ("$body.list.contains('z')", "false"),
    ("$body.list.indexOf('b')", "1"),
    ("$body.list", '[1,"b",{"c":2}]'),
    ("#set($l = [1, 2])$l", "[1, 2]"),
    ("#set($l = [])$l.add('a')$l", "true[a]"),
    ("#set($l = ['a', 'b'])$l.remove(0)$l", "a[b]"),
    ("#set($l = ['a'])#set($m = ['b', 'c'])$l.addAll($m)$l.size()", "true3"),
    ("#set($l = ['a', 'b'])$l.set(0, 'c')$l", "a[c, b]"),
    ("#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end", "1,2,3"),
    # Map
    ("#set($m = {'message': 'tea'})$m", "{message=tea}"),
    ("$body.map", "{a=x, b={c=null}}"),
    ("$body.map.toString()", "{a=x, b={c=null}}"),
    ("$body.map.size()", "2"),
    ("$body.map.isEmpty()", "false"),
    ("$body.map.get('a')", "x"),
    ("$body.map['a']", "x"),
    ("$body.map.getOrDefault('z', 'none')", "none"),
    ("$body.map.containsKey('a')", "true"),
    ("$body.map.containsKey('z')", "false"),
    ("$body.map.containsValue('x')", "true"),
    ("$body.map.keySet()", "[a, b]"),
    ("#set($m = {'a': 1, 'b': 2})$m.values()", "[1, 2]"),
    ("#set($m = {'a': 1})$m.entrySet()", "[a=1]"),
    ("#foreach($e in $body.map.entrySet())$e.key:$e.getValue();#end", "a:x;b:{c=null};"),
    ("#foreach($v in {'a': 1, 'b': 2})$v;#end", "1;2;"),
    ("#set($m = {'a': 1})$m.put('a', 2)$m", "1{a=2}"),
    ("#set($m = {'a': 1})$m.remove('a')$m", "1{}"),
    ("#set($m = {'a': 1})#set($o = {'b': 2})$!m.putAll($o)$m", "{a=1, b=2}"),
    # Numbers and booleans
    ("$body.n.toString()", "5"),
    ("$body.n.intValue()", "5"),
    ("$body.half", "0.5"),
    ("$body.n.equals(5)", "true"),
    ("$body.n.equals('5')", "false"),
    ("$body.flag.toString().equals('false')", "true"),
    ("$body.flag", "false"),
    # Truth, equality and sums
    ("#if($body.flag)yes#{else}no#end", "no"),
    ("#if(!$body.flag)yes#{else}no#end", "yes"),
    ("#if($body.message)yes#{else}no#end", "yes"),
    ("#if($body.n)yes#{else}no#end", "yes"),
    ("#if($undefined)yes#{else}no#end", "yes"),
    ("#if($undefined == '')yes#{else}no#end", "yes"),
    ("#if($body.n == '5')yes#{else}no#end", "yes"),
    ("#if($body.message && $body.message != 'coffee')yes#end", "yes"),
    ("#if($body.flag || $body.n > 4)yes#end", "yes"),
    ('#set($s = "${body.message}-$body.n")$s', "tea-5"),
    ("#set($s = 'a' + 1)$s", "a1"),
    # What is not there
    ("[$undefined]", "[]"),
    ("[$body.message.nope()]", "[]"),
    ("[$body.none.toString()]", "[]"),
    # Python's own methods are none of Java's
    ("[$body.message.upper()]", "[]"),
    ("[$body.list.append('a')]", "[]"),
    ("[$body.map.items()]", "[]"),
    # Directives
    ("#set($n = 0)#foreach($x in $body.list)#set($n = $n + 1)#end$n", "3"),
    ("#set($i = 7 / 2)$i", "3"),
    ("#set($i = 7 % 4)$i", "3"),
    ("#if($body.n == 4)four#elseif($body.n == 5)five#{else}other#end", "five"),
)
