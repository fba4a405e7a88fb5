typedef int words_placeholder;
