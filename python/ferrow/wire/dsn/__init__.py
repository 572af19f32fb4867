"""How a PostgreSQL server is named: URLs, keyword DSNs, service files, password files and `PG*` variables, as libpq reads them.

PostgreSQL manual, "Connection Strings", "Parameter Key Words", "Environment Variables", "The Password File", "The Connection
Service File".
"""
