typedef int text_placeholder;
