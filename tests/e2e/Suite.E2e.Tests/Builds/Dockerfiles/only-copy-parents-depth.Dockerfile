FROM busybox
COPY --parents dir/**/*.txt links/**/real /deep/
COPY --parents ./dir/./**/tool /pivot/
