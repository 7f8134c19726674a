using System.Globalization;
using System.Text;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Oci.Runtime.Reading;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Runs one more process in a container. Errors of suite-oci itself have exit code 255; other codes are the process's.</summary>
internal static class ExecCommand
{
    private const int OwnError = 255;

    public static Command Describe() => new("exec", new OptionNames(
        ["tty|t", "detach|d", "no-new-privs", "ignore-paused", "no-subreaper"],
        [
            "console-socket", "cwd", "env|e", "user|u", "additional-gids|g", "process|p", "pid-file", "process-label", "apparmor", "cap|c",
            "preserve-fds", "cgroup",
        ]), Run);

    private static int Run(Session session, Options options)
    {
        try
        {
            return Execute(session, options);
        }
        catch (SuiteException failure) when (failure is not ExitException)
        {
            throw new ExitException(OwnError, failure);
        }
    }

    private static int Execute(Session session, Options options)
    {
        if (options.Words.Count == 0)
            throw options.Wrong("takes the container's id and a program");
        var container = session.Root.Find(options.Words[0]);
        container.NeedAlive("run a process in the container");
        if (!options.Has("ignore-paused") && container.Paused)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"run a process in the container {container.Id}: it is paused; resume it first, or use --ignore-paused");

        var detached = options.Has("detach");
        var execution = new Execution(session.Root, container, Process(options, container), options, detached);
        var pid = execution.Start();
        if (options.Value("pid-file") is { } file)
            AtomicFile.Write(Path.GetFullPath(file), Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0b110_100_100);
        if (detached)
            return 0;
        using var foreground = new Foreground(pid);
        return foreground.Wait(execution.Master);
    }

    /// <summary>The process of --process, or the container's own with another program and what the options change.</summary>
    private static Process Process(Options options, Container container)
    {
        if (options.Value("process") is { } file)
        {
            if (options.Words.Count > 1)
                throw options.Wrong("a program is given and --process too");
            return Read(file);
        }

        if (options.Words.Count < 2)
            throw options.Wrong("takes a program behind the container's id, or --process");
        var own = container.Spec().Process!;
        var capabilities = own.Capabilities ?? new Capabilities();
        if (options.All("cap") is { Count: > 0 } added)
        {
            capabilities = capabilities with
            {
                Bounding = [.. capabilities.Bounding ?? [], .. added],
                Effective = [.. capabilities.Effective ?? [], .. added],
                Permitted = [.. capabilities.Permitted ?? [], .. added],
            };
        }

        return own with
        {
            Args = [.. options.Words.Skip(1)],
            Terminal = options.Has("tty"),
            Cwd = options.Value("cwd") ?? own.Cwd,
            Env = [.. own.Env ?? [], .. options.All("env")],
            NoNewPrivileges = own.NoNewPrivileges || options.Has("no-new-privs"),
            SelinuxLabel = options.Value("process-label") ?? own.SelinuxLabel,
            ApparmorProfile = options.Value("apparmor") ?? own.ApparmorProfile,
            Capabilities = capabilities,
            User = User(options, own.User),
        };
    }

    /// <summary><c>user[:group]</c> with a name in it, which the init looks up in the container; null: numbers, or nothing.</summary>
    public static string? UserToLookUp(Options options) =>
        options.Value("user") is { Length: > 0 } given && !given.All(c => char.IsAsciiDigit(c) || c == ':') ? given : null;

    private static User User(Options options, User own)
    {
        var groups = options.All("additional-gids").Select(text => Number(options, text)).ToList();
        var user = groups.Count == 0 ? own : own with { AdditionalGids = [.. own.AdditionalGids ?? [], .. groups] };
        if (options.Value("user") is not { Length: > 0 } given || UserToLookUp(options) is not null)
            return user;
        var parts = given.Split(':', 2);
        return user with { Uid = Number(options, parts[0]), Gid = parts.Length == 2 ? Number(options, parts[1]) : user.Gid };
    }

    private static uint Number(Options options, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw options.Wrong($"\"{text}\" is no number of a user or group");

    private static Process Read(string file)
    {
        var text = Descriptor.TryReadText(file) ?? throw new SuiteException(ErrorKind.NotFound, $"read the process {file}: it cannot be opened");
        try
        {
            return RuntimeReader.ReadProcess(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException wrong)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"read the process {file}: {wrong.Message}", wrong);
        }
    }
}
