FROM busybox
RUN echo $HOME > /home1
USER app
RUN echo $HOME > /tmp/home2
