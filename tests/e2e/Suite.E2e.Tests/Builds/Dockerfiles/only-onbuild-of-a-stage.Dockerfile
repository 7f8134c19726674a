FROM busybox AS base
ARG SEEN=inherited
ONBUILD RUN echo $SEEN > /fired
FROM base
RUN echo $SEEN > /seen
