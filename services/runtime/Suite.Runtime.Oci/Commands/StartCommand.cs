using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

internal static class StartCommand
{
    public static Command Describe() => new("start", OptionNames.None, Run);

    private static int Run(Session session, Options options)
    {
        Startup.Open(session.Root.Find(options.OnlyId()));
        return 0;
    }
}
