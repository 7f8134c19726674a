using Suite.Linux.Errors;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Exec.Tests.Bundles;

public sealed class RuntimeLogTests
{
    /// <summary>As Debian's runc and crun and suite-oci write them.</summary>
    public static TheoryData<string, ErrorKind, int, string> Logs => new()
    {
        {
            """
            {"level":"info","msg":"preparing","time":"2026-01-01T00:00:00Z"}
            {"level":"error","msg":"runc create failed: unable to start container process: exec: \"/no/such\": stat /no/such: no such file or directory","time":"2026-01-01T00:00:00Z"}
            """,
            ErrorKind.NotFound, 127, "/no/such"
        },
        { """{"msg":"executable file `nope` not found in $PATH: No such file or directory","level":"error","time":"2026-01-01T00:00:00Z"}""", ErrorKind.NotFound, 127, "nope" },
        { """{"msg":"open executable: Permission denied","level":"error","time":"2026-01-01T00:00:00Z"}""", ErrorKind.PermissionDenied, 126, "Permission denied" },
        { """{"level":"error","msg":"execute \"nope\": executable file not found in $PATH","time":"2026-01-01T00:00:00Z"}""", ErrorKind.NotFound, 127, "nope" },
        { """{"level":"error","msg":"execute \"/etc/passwd\": permission denied","time":"2026-01-01T00:00:00Z"}""", ErrorKind.PermissionDenied, 126, "/etc/passwd" },
        // What is missing here is not the program of the container.
        { """{"level":"error","msg":"mount /srv/data: no such file or directory","time":"2026-01-01T00:00:00Z"}""", ErrorKind.FailedPrecondition, 128, "/srv/data" },
        { "{\"level\":\"error\",\"msg\":\"cut o", ErrorKind.FailedPrecondition, 128, "ended with 1 and without a word" },
        { "", ErrorKind.FailedPrecondition, 128, "ended with 1 and without a word" },
    };

    [Theory]
    [MemberData(nameof(Logs))]
    public void What_went_wrong_is_told_as_our_own_driver_tells_it(string log, ErrorKind kind, int code, string word)
    {
        InitReport report = RuntimeLog.Describe("create", 1, log);
        Assert.Equal((kind, code), (report.Kind, report.ExitCode));
        Assert.StartsWith("create: ", report.Message);
        Assert.Contains(word, report.Message);
    }
}
