"""URLs and DSNs and what is in them, after the cases of PostgreSQL's own `uri-regress` and the manual's examples.

What libpq itself makes of them is asked in test_against_libpq.py.
"""

from __future__ import annotations

URIS: dict[str, dict[str, str]] = {
    # Everything, and with each part left out.
    "postgresql://ada:pw@db1:6001/library": {
        "user": "ada", "password": "pw", "host": "db1", "port": "6001", "dbname": "library",
    },
    "postgresql://ada@db1:6001/library": {"user": "ada", "host": "db1", "port": "6001", "dbname": "library"},
    "postgresql://ada@db1/library": {"user": "ada", "host": "db1", "dbname": "library"},
    "postgresql://db1:6001/library": {"host": "db1", "port": "6001", "dbname": "library"},
    "postgresql://db1/library": {"host": "db1", "dbname": "library"},
    "postgresql://ada@db1:6001/": {"user": "ada", "host": "db1", "port": "6001"},
    "postgresql://ada@db1/": {"user": "ada", "host": "db1"},
    "postgresql://ada@": {"user": "ada"},
    "postgresql://ada:pw@": {"user": "ada", "password": "pw"},
    "postgresql://ada:@db1": {"user": "ada", "host": "db1"},
    "postgresql://:pw@db1": {"password": "pw", "host": "db1"},
    "postgresql://@db1": {"host": "db1"},
    "postgresql://:@db1": {"host": "db1"},
    "postgresql://db1:6001/": {"host": "db1", "port": "6001"},
    "postgresql://db1:6001": {"host": "db1", "port": "6001"},
    "postgresql://db1:": {"host": "db1"},
    "postgresql://db1:/": {"host": "db1"},
    "postgresql://:6001": {"port": "6001"},
    "postgresql://:6001/library": {"port": "6001", "dbname": "library"},
    "postgresql://db1": {"host": "db1"},
    "postgresql://": {},
    "postgresql:///": {},
    "postgresql:///library": {"dbname": "library"},
    "postgresql://?": {},
    "postgresql:///?": {},
    "postgres://": {},
    "postgres:///library": {"dbname": "library"},
    # Percent encoding.
    "postgresql://a%64a@db1/": {"user": "ada", "host": "db1"},
    "postgresql://a%40b:p%3A%2F%3F%23%5B%5D%40@db1/": {"user": "a@b", "password": "p:/?#[]@", "host": "db1"},
    "postgresql://db1/a%20b": {"host": "db1", "dbname": "a b"},
    "postgresql://db1/%C3%A4%e2%82%ac": {"host": "db1", "dbname": "ä€"},
    "postgresql://db1/%2525": {"host": "db1", "dbname": "%25"},
    "postgresql://%64b1/": {"host": "db1"},
    "postgresql://db1:%36001/": {"host": "db1", "port": "6001"},
    "postgresql://db1/a+b?application_name=c+d": {"host": "db1", "dbname": "a+b", "application_name": "c+d"},
    # Spaces: around values they are dropped.
    "postgresql:// db1 : 6001 / library ?application_name= x & user= ada ": {
        "host": "db1", "port": "6001", "dbname": "library", "application_name": "x", "user": "ada",
    },
    # Options.
    "postgresql://db1/?user=ada": {"host": "db1", "user": "ada"},
    "postgresql://db1?user=ada": {"host": "db1", "user": "ada"},
    "postgresql://ada@db1:6001?user=bob": {"user": "bob", "host": "db1", "port": "6001"},
    "postgresql://ada@db1:6001/?user=bob": {"user": "bob", "host": "db1", "port": "6001"},
    "postgresql://db1:6001?user=ada": {"host": "db1", "port": "6001", "user": "ada"},
    "postgresql://?host=db1": {"host": "db1"},
    "postgresql://db1/library?host=db2": {"host": "db2", "dbname": "library"},
    "postgresql://db1/library?dbname=other&port=7": {"host": "db1", "dbname": "other", "port": "7"},
    "postgresql:///?dbname=library": {"dbname": "library"},
    "postgresql://db1/?user=ada&user=bob": {"host": "db1", "user": "bob"},
    "postgresql://db1/?user=ada&": {"host": "db1", "user": "ada"},
    "postgresql://db1?user=": {"host": "db1", "user": ""},
    "postgresql://db1?%75ser=a%64a": {"host": "db1", "user": "ada"},
    "postgresql://db1?options=-c%20geqo%3Doff": {"host": "db1", "options": "-c geqo=off"},
    "postgresql://db1/?sslmode=require": {"host": "db1", "sslmode": "require"},
    "postgresql://db1/?ssl=true": {"host": "db1", "sslmode": "require"},
    "postgresql://db1/?requiressl=1": {"host": "db1", "sslmode": "require"},
    "postgresql://db1/?requiressl=0": {"host": "db1", "sslmode": "prefer"},
    "postgresql://db1/library#part": {"host": "db1", "dbname": "library#part"},
    "postgresql://db1/a/b": {"host": "db1", "dbname": "a/b"},
    "postgresql://db1/a@b?user=c@d": {"host": "db1", "dbname": "a@b", "user": "c@d"},
    # IPv6.
    "postgresql://[::1]": {"host": "::1"},
    "postgresql://[::1]/library": {"host": "::1", "dbname": "library"},
    "postgresql://[2001:db8::7]:6001/": {"host": "2001:db8::7", "port": "6001"},
    "postgresql://ada@[2001:db8::1234]/?user=bob": {"host": "2001:db8::1234", "user": "bob"},
    "postgresql://[fe80::1%25eth0]:": {"host": "fe80::1%eth0"},
    "postgresql://db1?hostaddr=::1": {"host": "db1", "hostaddr": "::1"},
    "postgresql://[::1]?user=ada": {"host": "::1", "user": "ada"},
    # Several hosts.
    "postgresql://db1:6001,db2,[::1]:6003/library": {
        "host": "db1,db2,::1", "port": "6001,,6003", "dbname": "library",
    },
    "postgresql://ada:pw@db1,db2/library?target_session_attrs=read-write": {
        "user": "ada", "password": "pw", "host": "db1,db2", "port": ",", "dbname": "library",
        "target_session_attrs": "read-write",
    },
    "postgresql://,/": {"host": ",", "port": ","},
    "postgresql://db1,:6001": {"host": "db1,", "port": ",6001"},
    "postgresql://db1%2Cdb2": {"host": "db1,db2"},
    # Unix sockets.
    "postgresql://%2Fvar%2Frun%2Fpostgresql/library": {"host": "/var/run/postgresql", "dbname": "library"},
    "postgresql:///library?host=/tmp/sock": {"host": "/tmp/sock", "dbname": "library"},
    "postgresql://ada:pw@/library?host=/tmp/sock": {
        "user": "ada", "password": "pw", "host": "/tmp/sock", "dbname": "library",
    },
    "postgresql://ada@/library?host=%2Ftmp%2Fsock&port=7": {
        "user": "ada", "host": "/tmp/sock", "dbname": "library", "port": "7",
    },
    "postgresql://%40ferrow/library": {"host": "@ferrow", "dbname": "library"},
    "postgresql://ada@@ferrow/library": {"user": "ada", "host": "@ferrow", "dbname": "library"},
}  # fmt: skip

WRONG_URIS: dict[str, str] = {
    "postgresql://db1?zzz": "not name=value",
    "postgresql://db1?user": "not name=value",
    "postgresql://db1?user=a=b": "not name=value",
    "postgresql://db1?user=ada&&port=1": "not name=value",
    "postgresql://db1?=ada": "unknown connection option ''",
    "postgresql://db1?uzer=ada": "Did you mean 'user'",
    "postgresql://db1?USER=ada": "unknown connection option 'USER'",
    "postgresql://db1?ssl=1": "'ssl' is given in the program",
    "postgresql://[::1": "unclosed",
    "postgresql://[]:6001": "no IPv6 address",
    "postgresql://[::1]z": "after the '\\]'",
    "postgresql://db1/%": "two hexadecimal digits",
    "postgresql://db1/%1": "two hexadecimal digits",
    "postgresql://db1/%zz": "two hexadecimal digits",
    "postgresql://db1/%00": "NUL",
    "postgresql://db1/a b": "space",
    "postgresql://a b@db1/": "space",
    "postgresql://db1?user=a b": "space",
}

DSNS: dict[str, dict[str, str]] = {
    "host=localhost port=5432 dbname=mydb connect_timeout=10": {
        "host": "localhost", "port": "5432", "dbname": "mydb", "connect_timeout": "10",
    },
    " host = db1\tport\n=\n6001 ": {"host": "db1", "port": "6001"},
    "user=": {"user": ""},
    "user= host=db1": {"user": "host=db1"},
    "user=''": {"user": ""},
    "dbname='my db' user=ada": {"dbname": "my db", "user": "ada"},
    "dbname='my db'user=ada": {"dbname": "my db", "user": "ada"},
    r"password='it\'s' user=ada": {"password": "it's", "user": "ada"},
    r"password=it\'s": {"password": "it's"},
    r"password=a\ b user=ada": {"password": "a b", "user": "ada"},
    r"password='a\\b'": {"password": r"a\b"},
    r"password=a\b": {"password": "ab"},
    "password=a\\": {"password": "a"},
    "password=a'b": {"password": "a'b"},
    "user=a=b": {"user": "a=b"},
    "user=ada user=bob": {"user": "bob"},
    "host=a,b port=1,2": {"host": "a,b", "port": "1,2"},
    "requiressl=1": {"sslmode": "require"},
    "host=a\xa0b": {"host": "a\xa0b"},
    "host=a\vport=1": {"host": "a", "port": "1"},
    "dbname=postgresql://db2/x": {"dbname": "postgresql://db2/x"},
}  # fmt: skip

WRONG_DSNS: dict[str, str] = {
    "password='it''s'": r"no '=' after the value of 'password'.*not ''",
    "user='ada": "not closed",
    "user='ada\\'": "not closed",
    "user=ada bob": "no '=' after the value of 'user'",
    "host": "no '='",
    "=db1": "unknown connection option ''",
    "HOST=db1": "unknown connection option 'HOST'",
    "ssl=true": "'ssl' is given in the program",
    "hots=db1": "Did you mean 'host'",
}
