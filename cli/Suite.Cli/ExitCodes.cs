namespace Suite.Cli;

/// <summary>The exit codes that scripts written for Docker expect.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A command failed.</summary>
    public const int Failure = 1;

    /// <summary>`run` or `create` failed before there was a process: wrong usage, no service, no image.</summary>
    public const int BeforeStart = 125;

    /// <summary>The container's command cannot be executed.</summary>
    public const int CannotExecute = 126;

    /// <summary>The container's command does not exist.</summary>
    public const int CommandNotFound = 127;

    /// <summary>Ended by a signal: this and its number.</summary>
    public const int Signalled = 128;

    /// <summary>The reader of standard output went away: 128 + SIGPIPE, as a program that SIGPIPE ended.</summary>
    public const int OutputClosed = 141;
}
