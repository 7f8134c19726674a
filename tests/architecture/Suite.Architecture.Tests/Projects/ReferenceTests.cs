using Suite.Testing.Files;
using static Suite.Architecture.Tests.Offences;

namespace Suite.Architecture.Tests.Projects;

/// <summary>Arrows run one way: host → its driver → Suite.Linux; services meet only through their contracts.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Drivers = ["Suite.Runtime.Exec", "Suite.Image.Graph", "Suite.Network.Bridge"];
    private const string OneFile = "Suite.Node";
    private static readonly string[] WireWords = ["Grpc", "Google.Protobuf", "Microsoft.AspNetCore", "OpenTelemetry"];

    [Fact]
    public void No_service_references_another_service() =>
        AssertNone(
            from project in ProjectFile.Under("services")
            where project.Name != OneFile
            from other in project.Closure()
            where other.Service.Length > 0 && other.Service != project.Service
            select $"{project} references {other}: talk to suite-{other.Service} through a client of Suite.Protos");

    /// <summary>What stands between the services is the wire, also where their code is in one file.</summary>
    [Fact]
    public void The_file_of_several_services_only_calls_them()
    {
        Assert.Equal(["image", "network", "runtime"],
            ProjectFile.All[OneFile].References.Select(name => ProjectFile.All[name].Service).Where(service => service.Length > 0).Order());
        Assert.DoesNotContain(ProjectFile.All.Values, project => project.References.Contains(OneFile));
        Assert.Equal(["Multicall.cs", "Program.cs"],
            Directory.EnumerateFiles(Path.Combine(TestPaths.RepositoryRoot, "services", OneFile), "*.cs").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_command_line_references_no_service() =>
        AssertNone(
            from project in ProjectFile.Under("cli")
            from other in project.Closure()
            where other.Service.Length > 0 || other.Name == "Suite.Hosting"
            select $"{project} references {other}: the CLI is a client like any other");

    [Fact]
    public void Libraries_reference_no_service_and_no_contract() =>
        AssertNone(
            from project in ProjectFile.Under("libs")
            from other in project.Closure()
            where !other.Path.StartsWith("libs/", StringComparison.Ordinal)
            select $"{project} references {other}: what a library needs is a library");

    [Fact]
    public void Suite_Linux_is_the_ground() => Assert.Empty(ProjectFile.All["Suite.Linux"].References);

    [Fact]
    public void Contracts_reference_nothing_of_ours() => Assert.Empty(ProjectFile.All["Suite.Protos"].References);

    [Fact]
    public void Drivers_know_no_gRPC_no_protobuf_and_no_ASP_NET() =>
        AssertNone(
            from name in Drivers
            let driver = ProjectFile.All[name]
            from project in driver.Closure().Append(driver)
            let why = project.UsesAspNet ? "ASP.NET"
                : project.Name == "Suite.Protos" ? "the contracts"
                : project.Packages.FirstOrDefault(package => WireWords.Any(word => package.StartsWith(word, StringComparison.Ordinal)))
            where why is not null
            select $"{driver} brings in {why} through {project}: messages stop at the host's endpoint");

    [Fact]
    public void What_runs_beside_a_container_links_the_driver_and_no_host() =>
        AssertNone(
            from name in new[] { "Suite.Runtime.Shim", "Suite.Runtime.Oci" }
            from project in ProjectFile.All[name].Closure()
            where project.UsesAspNet || project.Name is "Suite.Protos" or "Suite.Hosting"
            select $"{name} links {project}: the shim is to be small, and it clones");

    [Fact]
    public void Production_code_references_no_test_project() =>
        AssertNone(
            from project in ProjectFile.All.Values
            where !project.Path.StartsWith("tests/", StringComparison.Ordinal)
            from other in project.Closure()
            where other.Path.StartsWith("tests/", StringComparison.Ordinal)
            select $"{project} references {other}");

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(TestPaths.RepositoryRoot, "Suite.sln")).Replace('\\', '/');
        AssertNone(
            from project in ProjectFile.All.Values
            where !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
            select $"{project.Path} is not in Suite.sln: dotnet sln add {project.Path}");
    }

    [Fact]
    public void Versions_stand_in_one_place() =>
        AssertNone(
            from project in ProjectFile.All.Values
            let text = File.ReadAllText(Path.Combine(TestPaths.RepositoryRoot, project.Path))
            where text.Contains("Version=\"", StringComparison.Ordinal)
            select $"{project.Path} names a version: it belongs into Directory.Packages.props");
}
