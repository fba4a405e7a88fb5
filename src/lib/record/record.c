typedef int record_placeholder;
