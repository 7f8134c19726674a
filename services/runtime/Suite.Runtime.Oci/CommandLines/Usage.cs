using Suite.Runtime.Oci.Commands;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.CommandLines;

internal static class Usage
{
    public static int Print()
    {
        Output.Text($"""
            suite-oci: runs containers from OCI bundles, with runc's command line.

            suite-oci [--root FOLDER] [--log FILE] [--log-format text|json] COMMAND [OPTION...] ID

            Commands: {string.Join(", ", Command.Names)}
            Options of each are runc's; one that is not there is an error.

            """);
        return 0;
    }
}
