import pytest, traceback
from tests.test_access_matrix import *  # noqa
from tests.test_access_matrix import cast, rows  # noqa

COOKIES = [
 'settle_device="\\000"', 'settle_device="\\000abc', 'settle_device=' + "x"*5000, 'settle_device="a\\"b\\054c"', 'settle_device=\xff\xfe',
 'sessionid="abcd\\000efgh"', 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "sessionid='; DROP TABLE x; --aaaa", 'sessionid=' + "y"*5000, 'sessionid=\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7', 'sessionid=""',
 'csrftoken="\\000"', 'csrftoken=' + 'z'*5000, 'csrftoken=\xff'*10,
 'messages="\\000"', 'messages=abc:def:ghi', 'messages="[[\\"__json_message\\",0,20,\\"x\\"]]:1:2"', 'messages=' + '['*5000, 'messages=\xff\xfe',
 'django_language="\\000"', 'django_language=' + 'e'*5000, 'django_language=../../etc', 'django_language=\xff',
 ';;;===;;', '=', '"', 'a="', '\x01\x02=\x03', '$Version=1; settle_device=x; $Path=/',
]
QUERIES = ["x=%00", "client=%00", "client=" + "9"*40, "client=%ed%a0%80", "next=%00", "next=//evil.example", "next=javascript:alert(1)", "%ff=%fe", "a[]=1&a[]=2", "&&&&==", "page=%D9%A3", "x="+"y"*5000, "&".join(f"a{i}=1" for i in range(300)), "day=%00", "day=9999-12-31", "day=0001-01-01", "day=x", "filter=%00", "date=%00"]
HEADERS = [
 {"HTTP_ACCEPT_LANGUAGE": "\x00"}, {"HTTP_ACCEPT_LANGUAGE": "x"*10000}, {"HTTP_ACCEPT_LANGUAGE": "en;q=1e400,*;q=NaN, \xff"}, {"HTTP_USER_AGENT": "\x00\xff"}, {"HTTP_X_FORWARDED_FOR": "\x00, nonsense, 1.2.3"}, {"REMOTE_ADDR": "nonsense"}, {"REMOTE_ADDR": ""},
 {"CONTENT_LENGTH": "abc"}, {"CONTENT_LENGTH": "-1"}, {"CONTENT_TYPE": "text/plain; charset=rot13"}, {"CONTENT_TYPE": "text/plain; charset=nonsense"}, {"CONTENT_TYPE": "text/plain; charset=\x00"},{"CONTENT_TYPE": "text/plain; charset=hex"}, {"CONTENT_TYPE": "text/plain; charset=idna"}, {"CONTENT_TYPE": "text/plain; charset=undefined"}, {"CONTENT_TYPE": "text/plain; charset=utf-16"}, {"CONTENT_TYPE": "text/plain; charset=unicode_escape"},
 {"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "\x00"}, {"HTTP_HOST": "a b"}, {"HTTP_HOST": "testserver:99999"}, {"HTTP_HOST": "testserver:abc"}, {"HTTP_HOST": ""},
 {"HTTP_IF_MODIFIED_SINCE": "nonsense"}, {"HTTP_RANGE": "bytes=9-1"}, {"HTTP_X_CSRFTOKEN": "\x00"}, {"HTTP_ORIGIN": "\x00"}, {"HTTP_ORIGIN": "http://["}, {"HTTP_REFERER": "http://["}, {"HTTP_REFERER": "\x00"}, {"HTTP_COOKIE": "\x00=\x00"}, {"HTTP_SEC_FETCH_SITE": "\x00"}, {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, {"HTTP_ACCEPT": "application/json"},
]
BODIES = [
 ("application/json", "{}"), ("application/json", "["*100000), ("text/plain", "x"), ("application/octet-stream", b"\xff\x00"), ("", ""), ("\x00", "x"), ("nonsense", "x"),
 ("multipart/form-data", "x"), ("multipart/form-data; boundary=", "x"), ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"client\"\r\n\r\nx"), ("multipart/form-data; boundary=b", "--b\r\nnonsense\r\n\r\n\x00--b--"), ("multipart/form-data; boundary=\xff", "x"), ("multipart/form-data; boundary=" + "b"*300, "x"),
 ("multipart/form-data; boundary=b; charset=rot13", "--b\r\nContent-Disposition: form-data; name=\"nickname\"\r\n\r\nx\r\n--b--\r\n"),
 ("multipart/form-data; boundary=b; charset=utf-16", "--b\r\nContent-Disposition: form-data; name=\"nickname\"\r\n\r\nx\r\n--b--\r\n"),
 ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"nickname\"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n"),
 ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"nickname\"; filename=\"a\x00b\"\r\n\r\nx\r\n--b--\r\n"),
 ("multipart/form-data; boundary=b", "".join(f"--b\r\nContent-Disposition: form-data; name=\"f{i}\"; filename=\"a\"\r\n\r\nx\r\n" for i in range(150)) + "--b--\r\n"),
 ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n" + "x"*3_000_000 + "\r\n--b--\r\n"),
 ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + "x"*600_000 + "\r\n--b--\r\n"),
 ("application/x-www-form-urlencoded", "x="+"y"*600_000), ("application/x-www-form-urlencoded", "&".join(f"a{i}=1" for i in range(300))), ("application/x-www-form-urlencoded; charset=utf-16", "x=y"), ("application/x-www-form-urlencoded; charset=rot13", "x=y"), ("application/x-www-form-urlencoded", b"\xff\xfe=%ff%00"),
]

def everyone(): return {"nobody","sam","dana"}

def test_junk(cast, rows, settings):
    found = {}
    for route in TABLE:
        path = path_of(route, rows["sam"])
        for role in ("nobody","sam","dana"):
            b = cast[role]; b.raise_request_exception = False
            tries = []
            tries += [("query", q[:40], lambda q=q: b.generic("GET", path, QUERY_STRING=q)) for q in QUERIES]
            tries += [("header", repr(h)[:70], lambda h=h: b.generic("GET", path, **h)) for h in HEADERS]
            tries += [("postheader", repr(h)[:70], lambda h=h: b.generic("POST", path, "a=b", content_type=h.get("CONTENT_TYPE","application/x-www-form-urlencoded"), **{k:v for k,v in h.items() if k!="CONTENT_TYPE"})) for h in HEADERS]
            tries += [("body", (t, str(body)[:90]), lambda t=t, body=body: b.generic("POST", path, body, content_type=t, headers={"X-Settle":"1"})) for t, body in BODIES]
            base = "; ".join(f"{m.key}={m.coded_value}" for m in b.cookies.values())
            tries += [("cookie", c[:60], lambda c=c: b.generic("GET", path, HTTP_COOKIE=c + "; " + base)) for c in COOKIES]
            tries += [("cookie2", c[:60], lambda c=c: b.generic("GET", path, HTTP_COOKIE=base + "; " + c)) for c in COOKIES]
            for kind, what, go in tries:
                try:
                    with undone():
                        kept = deepcopy(b.cookies)
                        r = go()
                        s = r.status_code
                        if s >= 500 and not (route == "readyz" and s == 503):
                            info = getattr(r, "exc_info", None)
                            found.setdefault((kind, str(what), repr(info[1])[:150] if info else s), set()).add((route, role))
                        b.cookies = kept
                except Exception as e:
                    b.cookies = kept
                    found.setdefault((kind, str(what), "RAISED " + repr(e)[:200]), set()).add((route, role))
    out = open("/tmp/proofs/explore/found-" + __import__("django").db.connection.vendor, "w")
    for k, v in sorted(found.items()):
        print(k, len(v), sorted(v)[:3], file=out)
