/* Step through results and touch every column, without making an object of anything. */
#include <sqlite3.h>

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
