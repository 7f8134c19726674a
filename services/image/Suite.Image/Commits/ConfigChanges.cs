using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Stages;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Commits;

/// <summary>The <c>--change</c> of commit and import: Dockerfile instructions that touch the configuration alone.</summary>
internal static class ConfigChanges
{
    public static ContainerConfig Apply(ContainerConfig config, IReadOnlyList<string> changes)
    {
        if (changes.Count == 0) return config;
        var state = StageState.Of(config);
        foreach (var instruction in DockerfileParser.Parse(Encoding.UTF8.GetBytes(string.Join('\n', changes))).Instructions)
        {
            if (instruction.Keyword == "WORKDIR") state.Config = state.Config with { WorkingDir = Path.GetFullPath(state.Absolute(instruction.Arguments.Trim())) };
            else if (ConfigInstructions.Apply(instruction, state) is null)
                throw new SuiteException(ErrorKind.InvalidArgument, $"The change '{instruction.Text}' is not possible: it must be an instruction that touches the configuration alone, such as CMD or ENV.");
        }

        return state.Config;
    }
}
