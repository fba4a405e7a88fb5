typedef int policy_placeholder;
