typedef int rules_placeholder;
