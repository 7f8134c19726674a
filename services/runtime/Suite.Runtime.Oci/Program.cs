Console.Error.WriteLine("suite-oci: is not built yet; run containers with `suite run`, or over RUN/runtime.sock");
return 1;
