typedef int json_placeholder;
