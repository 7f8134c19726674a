FROM busybox
ARG from=a.txt
ENV to=/vars
COPY $from ${to}/copy
