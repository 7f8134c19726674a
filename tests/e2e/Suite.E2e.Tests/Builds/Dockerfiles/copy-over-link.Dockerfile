FROM busybox
RUN mkdir /real && ln -s real /alias
COPY a.txt /alias/
