typedef int net_placeholder;
