using System.Globalization;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>
/// The command lines of another OCI runtime, as runc has them (man/runc.8.md) and containerd's shim uses them. Each is executed in
/// the namespaces of the pod's shim.
/// </summary>
internal sealed class RuntimeCommands(OciRuntime runtime)
{
    private static readonly string[] Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    public Execute Create(string id, string bundle, BundleFiles files) =>
        Command(files.Log, ["create", "--bundle", bundle, "--pid-file", files.Pid, .. Console(files), id]);

    public Execute Exec(string id, BundleFiles files) =>
        Command(files.Log, ["exec", "--process", files.Description, "--detach", "--pid-file", files.Pid, .. Console(files), id]);

    public Execute Start(string id, string log) => Command(log, ["start", id]);

    public Execute Kill(string id, int signal, string log) => Command(log, ["kill", id, signal.ToString(CultureInfo.InvariantCulture)]);

    public Execute Pause(string id, string log) => Command(log, ["pause", id]);

    public Execute Resume(string id, string log) => Command(log, ["resume", id]);

    public Execute Update(string id, string resources, string log) => Command(log, ["update", "--resources", resources, id]);

    /// <summary>Kills what still runs. One that is not there is no error.</summary>
    public Execute Delete(string id, string log) => Command(log, ["delete", "--force", id]);

    private static string[] Console(BundleFiles files) => files.Console is { } socket ? ["--console-socket", socket] : [];

    private Execute Command(string log, IReadOnlyList<string> words) =>
        new([runtime.Path, .. runtime.Options, "--root", runtime.Root, "--log", log, "--log-format", "json", .. words], Environment, "/");
}
