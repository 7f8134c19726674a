FROM busybox
RUN <<EOF
set -e
echo one > /1
echo "$HOME" > /2
EOF
RUN <<EOF
#!/bin/cat
printed
EOF
