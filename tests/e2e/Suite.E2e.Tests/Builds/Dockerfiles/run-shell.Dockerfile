FROM busybox
RUN echo one > /one && mkdir /two
