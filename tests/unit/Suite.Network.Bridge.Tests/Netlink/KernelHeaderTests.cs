using System.Diagnostics;
using System.Reflection;
using System.Text;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Netlink;

namespace Suite.Network.Bridge.Tests.Netlink;

/// <summary>Our constants are the C headers': a C program is compiled that prints each by its name.</summary>
public sealed class KernelHeaderTests
{
    private const string Headers = """
        #include <stdio.h>
        #include <sys/socket.h>
        #include <linux/if.h>
        #include <linux/rtnetlink.h>
        #include <linux/if_link.h>
        #include <linux/veth.h>
        #include <linux/if_addr.h>
        #include <linux/in6.h>
        #include <linux/netfilter.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nf_tables.h>
        """;

    [Fact]
    public void Constants_are_those_of_the_headers()
    {
        var ours = new[] { typeof(Rtnetlink), typeof(NfTables), typeof(NetlinkSocket) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => field.IsLiteral && field.Name.ToUpperInvariant() == field.Name)
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue()));
        Assert.True(ours.Count > 100);

        var theirs = Compile(ours.Keys, [("ifinfomsg", Rtnetlink.LinkHeaderBytes), ("ifaddrmsg", Rtnetlink.AddressHeaderBytes), ("rtmsg", Rtnetlink.RouteHeaderBytes)]);
        Assert.Equal(ours.OrderBy(c => c.Key), theirs.OrderBy(c => c.Key));
    }

    private static Dictionary<string, long> Compile(IEnumerable<string> names, (string Struct, int Bytes)[] sizes)
    {
        var source = new StringBuilder(Headers).AppendLine();
        foreach (var (name, bytes) in sizes)
        {
            source.AppendLine($"_Static_assert(sizeof(struct {name}) == {bytes}, \"{name}\");");
        }

        source.AppendLine("int main(void) {");
        foreach (string name in names)
        {
            source.AppendLine($"printf(\"{name} %lld\\n\", (long long)({name}));");
        }

        source.AppendLine("return 0; }");
        string program = Path.Combine(Path.GetTempPath(), $"suite-headers-{Guid.NewGuid():n}");
        try
        {
            Run("gcc", ["-x", "c", "-", "-o", program], source.ToString());
            return Run(program, [], "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .ToDictionary(parts => parts[0], parts => long.Parse(parts[1]));
        }
        finally
        {
            File.Delete(program);
        }
    }

    private static string Run(string file, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }
}
