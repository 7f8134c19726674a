FROM busybox
LABEL a=1 b="two words"
LABEL a=2
LABEL multi="one \
two"
