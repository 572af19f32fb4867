/* Step through results and touch every column, without making an object of anything. */
#include <sqlite3.h>
#include <stdio.h>

static sqlite3 *db;
static sqlite3_stmt *statement;

int prepare(const char *file, const char *sql) {
    if (sqlite3_open(file, &db) != SQLITE_OK) return -1;
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, 0);
}

static long touch(int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return (long)sqlite3_column_int64(statement, column);
    case SQLITE_TEXT: return sqlite3_column_text(statement, column)[0] + sqlite3_column_bytes(statement, column);
    default: return 0;
    }
}

/* All rows of the statement as it is bound; their number. */
long rows(void) {
    static volatile long sink;
    long count = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int columns = sqlite3_data_count(statement);
        for (int i = 0; i < columns; i++) sink += touch(i);
        count++;
    }
    sqlite3_reset(statement);
    return count;
}

/* One query per key; the number of rows found. */
long points(const int *keys, long count) {
    long found = 0;
    for (long i = 0; i < count; i++) {
        sqlite3_bind_int(statement, 1, keys[i]);
        found += rows();
    }
    return found;
}

/* So many rows into an emptied table, in one transaction; their number. */
int execute(const char *sql) { return sqlite3_exec(db, sql, 0, 0, 0); }

long inserts(long count) {
    char email[40];
    sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0);
    for (long i = 1; i <= count; i++) {
        int length = snprintf(email, sizeof email, "user%ld@example.com", i);
        sqlite3_bind_int64(statement, 1, i);
        sqlite3_bind_text(statement, 2, email, length, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, 18 + i % 70);
        sqlite3_bind_int64(statement, 4, i % 5 != 0);
        sqlite3_bind_text(statement, 5, "2021-01-01 00:00:00.000000", 26, SQLITE_STATIC);
        if (sqlite3_step(statement) != SQLITE_DONE) return -1;
        sqlite3_reset(statement);
    }
    return sqlite3_exec(db, "COMMIT", 0, 0, 0) == SQLITE_OK ? count : -1;
}
