using System.Text.RegularExpressions;
using Suite.Testing.Files;
using static Suite.Architecture.Tests.Offences;

namespace Suite.Architecture.Tests.Sources;

/// <summary>The habits of CONTRIBUTING.md that a machine can check.</summary>
public sealed partial class StyleTests
{
    private const int LongestFile = 400;

    /// <summary>Where pointers may be used, and why there. Hosts, the CLI and the other drivers have none.</summary>
    private static readonly Dictionary<string, string> Pointers = new()
    {
        ["libs/Suite.Linux/"] = "Tmds.LibC and our own bindings take pointers; everyone else calls what this library makes of them",
        ["services/runtime/Suite.Runtime.Exec/Inits/"] = "between clone3 and execve: raw calls on memory laid out before",
        ["services/runtime/Suite.Runtime.Exec/Wire/"] = "descriptors travel in control messages (unix(7), SCM_RIGHTS)",
        ["services/runtime/Suite.Runtime.Exec/Shims/ShimSpawn.cs"] = "posix_spawn with a descriptor passed on (posix_spawn(3))",
        ["services/runtime/Suite.Runtime.Exec/Shims/ShimSocket.cs"] = "the same control messages from the client's side",
        ["services/runtime/Suite.Runtime.Exec/Shims/Terminals.cs"] = "terminal sizes by ioctl (ioctl_tty(2))",
        ["services/runtime/Suite.Runtime.Oci/Consoles/"] = "terminals and the console socket by raw descriptors, as nothing may start a thread before the clone",
        ["services/runtime/Suite.Runtime.Oci/Containers/"] = "the same for the gate, the reports of the init and its exit code",
        ["services/runtime/Suite.Runtime.Shim/"] = "one thread on epoll, signalfd and raw descriptors, without the runtime's sockets and streams",
    };

    [Fact]
    public void A_namespace_is_the_folder() =>
        AssertNone(
            from file in SourceFile.All
            let folder = Path.GetDirectoryName(Path.GetRelativePath(file.Project, file.Path))!.Replace('/', '.')
            let expected = folder.Length == 0 ? Path.GetFileName(file.Project) : $"{Path.GetFileName(file.Project)}.{folder}"
            let actual = NamespaceLine().Match(file.Code)
            where actual.Success && actual.Groups[1].Value != expected
            select $"{file} is in {actual.Groups[1].Value}, its folder says {expected}");

    [Fact]
    public void A_type_is_named_for_what_it_is() =>
        AssertNone(
            from file in SourceFile.All
            from Match type in VagueType().Matches(file.Code)
            select $"{file} declares {type.Groups[1].Value}: say what it does in the field's terms");

    [Fact]
    public void A_folder_is_named_for_what_it_holds() =>
        AssertNone(
            from file in SourceFile.All
            where VagueFolder().IsMatch(file.Path)
            select $"{file}: name the folder for what it holds");

    [Fact]
    public void Native_functions_are_bound_in_one_place() =>
        AssertNone(
            from file in SourceFile.Production
            where !file.Path.StartsWith("libs/Suite.Linux/Native/", StringComparison.Ordinal) && Binding().IsMatch(file.Code)
            select $"{file} binds native functions: put them into libs/Suite.Linux/Native, in the file of their C header");

    [Fact]
    public void Pointers_stay_in_their_place() =>
        AssertNone(
            from file in SourceFile.Production
            where !Pointers.Keys.Any(place => file.Path.StartsWith(place, StringComparison.Ordinal)) && UnsafeCode().IsMatch(file.Code)
            select $"{file} has unsafe code: call something of Suite.Linux, or name the folder here with its reason");

    [Fact]
    public void Places_named_for_pointers_exist() =>
        Assert.DoesNotContain(Pointers.Keys, place => !Path.Exists(Path.Combine(TestPaths.RepositoryRoot, place)));

    [Fact]
    public void Time_comes_from_a_TimeProvider() =>
        AssertNone(
            from file in SourceFile.Production
            where WallClock().IsMatch(file.Code)
            select $"{file} reads the clock: take a TimeProvider");

    [Fact]
    public void Logs_are_a_vocabulary() =>
        AssertNone(
            from file in SourceFile.Production
            where DirectLog().IsMatch(file.Code)
            select $"{file} logs a free text: give the event a [LoggerMessage] method");

    // NotSupportedException stays: it is the contract of a Stream that cannot seek or write.
    [Fact]
    public void Services_and_command_line_throw_one_type() =>
        AssertNone(
            from file in SourceFile.Production
            from Match thrown in Thrown().Matches(file.Code)
            select $"{file} throws {thrown.Groups[1].Value}: throw a SuiteException with an ErrorKind and a sentence");

    [Fact]
    public void A_file_is_a_page_or_little_more() =>
        AssertNone(
            from file in SourceFile.All
            where file.Lines > LongestFile
            select $"{file} has {file.Lines} lines: split it by step or by idea, {LongestFile} are the limit");

    [Fact]
    public void Most_files_are_short()
    {
        var lengths = SourceFile.Production.Select(file => file.Lines).Order().ToList();
        Assert.InRange(lengths[lengths.Count / 2], 1, 90);
        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, 250);
    }

    [Fact]
    public void Nothing_is_left_for_later() =>
        AssertNone(
            from file in SourceFile.All
            where file.Path != "tests/architecture/Suite.Architecture.Tests/Sources/StyleTests.cs"
            where Unfinished().IsMatch(file.Text)
            select $"{file} marks something unfinished: finish it, or answer Unimplemented where a caller would meet it");

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(\w*(?:Manager|Helper|Helpers|Util|Utils|Utilities|Common))\b")]
    private static partial Regex VagueType();

    [GeneratedRegex("/(Common|Helpers?|Utils?|Utilities|Misc|Shared)/")]
    private static partial Regex VagueFolder();

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b")]
    private static partial Regex Binding();

    [GeneratedRegex(@"\bunsafe\b|\bMarshal\.(Alloc|Read|Write|Copy)")]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex DirectLog();

    [GeneratedRegex(@"\bthrow new ((?:Exception|ApplicationException|SystemException|InvalidOperationException|IOException|ArgumentException|NotImplementedException|TimeoutException|RpcException))\b")]
    private static partial Regex Thrown();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();
}
