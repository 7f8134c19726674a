FROM busybox
ENV A=one B="two words"
ENV C=${A}-${B}
RUN echo "$A|$B|$C" > /env
