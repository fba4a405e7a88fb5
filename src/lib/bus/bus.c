typedef int bus_placeholder;
