FROM busybox
ARG A=default
ARG B
RUN echo "$A|$B" > /arg
# test: --build-arg B=given
