using Suite.Linux.Errors;
using Suite.Runtime.Oci.Commands;
using Suite.Runtime.Oci.Containers;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.CommandLines;

/// <summary>One run of suite-oci, from its arguments to its exit code: 1 for an error of its own, as runc has it.</summary>
internal static class Invocation
{
    private const string DefaultRoot = "/run/suite-oci";

    private const string SystemdCgroup =
        "--systemd-cgroup: suite-oci writes to the cgroup file system itself and asks no systemd for a scope; leave it out, with podman by " +
        "--cgroup-manager cgroupfs, with containerd by SystemdCgroup = false, with kubelet by cgroupDriver: cgroupfs";

    public static int Run(string[] arguments)
    {
        var log = new ErrorLog(null, json: false);
        try
        {
            var global = Options.Parse("suite-oci", OptionNames.Global, arguments);
            log = new ErrorLog(global.Value("log"), LogFormat(global));
            if (global.Has("version"))
                return Version();
            if (global.Has("help") || global.Words.Count == 0)
                return Usage.Print();
            if (global.Has("systemd-cgroup"))
                throw new SuiteException(ErrorKind.Unsupported, SystemdCgroup);
            if (global.Value("rootless") is "true")
                throw new SuiteException(ErrorKind.Unsupported, "--rootless: suite-oci runs as root; containers may have user namespaces");

            var command = Command.Find(global.Words[0]);
            var options = Options.Parse(command.Name, command.Options, global.Words.Skip(1).ToArray());
            return command.Run(new Session(new StateRoot(global.Value("root") ?? DefaultRoot), log), options);
        }
        catch (SuiteException failure)
        {
            log.Write(failure.Message);
            return failure is ExitException exit ? exit.Code : 1;
        }
    }

    private static bool LogFormat(Options global) => (global.Value("log-format") ?? "text") switch
    {
        "json" => true,
        "text" => false,
        var other => throw global.Wrong($"--log-format is json or text, not \"{other}\""),
    };

    private static int Version()
    {
        Output.Line($"suite-oci version {typeof(Invocation).Assembly.GetName().Version?.ToString(3)}");
        Output.Line("spec: 1.3.0");
        return 0;
    }
}
