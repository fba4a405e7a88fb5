typedef int yaml_placeholder;
