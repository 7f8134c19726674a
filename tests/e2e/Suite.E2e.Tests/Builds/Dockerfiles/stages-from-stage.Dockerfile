FROM busybox AS base
ENV X=1
RUN echo base > /base
FROM base AS more
RUN echo $X > /more
FROM more
RUN rm /base
