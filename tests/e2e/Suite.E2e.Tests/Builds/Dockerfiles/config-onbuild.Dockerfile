FROM busybox
ONBUILD COPY a.txt /on
ONBUILD RUN echo x
