typedef int db_placeholder;
