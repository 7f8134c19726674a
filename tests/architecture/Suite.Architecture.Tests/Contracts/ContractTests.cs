using Google.Protobuf.Reflection;
using Suite.Testing.Files;

namespace Suite.Architecture.Tests.Contracts;

/// <summary>
/// A change of a contract is a change of the committed text beside this file, where a review sees it. After a change that is meant:
/// <c>SUITE_UPDATE_GOLDEN=1 tests/run Architecture</c>, then read the diff. For runtime.v1 the text is Kubernetes' wire contract: a line
/// of it changes only when Kubernetes changes it.
/// </summary>
public sealed class ContractTests
{
    private static readonly string Folder = Path.Combine(TestPaths.RepositoryRoot, "tests/architecture/Suite.Architecture.Tests/Contracts/Golden");

    public static TheoryData<string> Packages => [.. Files.Keys];

    private static IReadOnlyDictionary<string, FileDescriptor> Files { get; } = new[]
    {
        Runtime.V1.ApiReflection.Descriptor,
        Graph.V1.GraphReflection.Descriptor,
        Network.V1.NetworkReflection.Descriptor,
        Registry.V1.RegistryReflection.Descriptor,
        Container.V1.ContainerReflection.Descriptor,
    }.ToDictionary(file => file.Package);

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_contract_is_what_was_agreed(string package)
    {
        var path = Path.Combine(Folder, $"{package}.txt");
        var actual = ContractText.Of(Files[package]);
        if (Environment.GetEnvironmentVariable("SUITE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Every_proto_file_has_its_golden_text()
    {
        var protos = Directory.EnumerateFiles(Path.Combine(TestPaths.RepositoryRoot, "protos"), "*.proto", SearchOption.AllDirectories);
        Assert.Equal(Files.Count, protos.Count());
    }

    [Fact]
    public void The_runtime_contract_has_every_call_of_CRI_v1()
    {
        var services = Files["runtime.v1"].Services.ToDictionary(s => s.Name, s => s.Methods.Count);
        Assert.Equal(37, services["RuntimeService"]);
        Assert.Equal(6, services["ImageService"]);
    }

    /// <summary>Outside of CRI, which is not ours, a call has messages of its own, so that both can grow.</summary>
    [Fact]
    public void Our_calls_have_a_request_and_a_response_of_their_own()
    {
        var methods = Files.Values.Where(file => file.Package != "runtime.v1").SelectMany(file => file.Services).SelectMany(s => s.Methods).ToList();
        Assert.All(methods, method =>
        {
            Assert.Equal($"{method.Name}Request", method.InputType.Name);
            Assert.Equal($"{method.Name}Response", method.OutputType.Name);
        });
    }
}
