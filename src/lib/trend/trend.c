typedef int trend_placeholder;
