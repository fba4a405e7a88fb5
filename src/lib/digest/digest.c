typedef int digest_placeholder;
