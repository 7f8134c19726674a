return Suite.Runtime.Oci.CommandLines.Invocation.Run(args);
