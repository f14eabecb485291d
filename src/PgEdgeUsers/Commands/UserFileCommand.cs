using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>What all cmdlets share that work on a user file: which file it is, what it holds as each input comes, and the mapping of its failures.</summary>
public abstract class UserFileCommand : PSCmdlet, IDisposable
{
    private readonly Dictionary<string, OpenUserFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failedPaths = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private UserFileLocation? _default;
    private List<string>? _heldWarnings;
    private bool _isPathTyped;
    private bool _isOneOfMany;

    /// <summary>The user file. Not given: the one that the server uses on this machine.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? Path { get; set; }

    /// <summary>Cancelled when the user presses Ctrl+C.</summary>
    private protected CancellationToken Stop => _stop.Token;

    /// <summary>The files that this pipeline has opened, in the order of their first use.</summary>
    private protected IEnumerable<OpenUserFile> Files => _files.Values;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The path that came with the current input; null where none did, or it is that of the file whose line a name is.</summary>
    private string? PipedPath =>
        _isPathTyped || Path is null || PipedNameAttribute.IsLineOf(MyInvocation.BoundParameters.GetValueOrDefault("Username"), Path) ? null : Path;

    /// <summary>Notes what was typed. A plain password or token on the command line is an error of the command, not of one input.</summary>
    protected override void BeginProcessing()
    {
        _isPathTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Path));
        if (MyInvocation.BoundParameters.Values.OfType<System.Security.SecureString>().Any(SecureValueAttribute.IsRefused))
            ThrowTerminatingError(Errors.PlainTextPassword(null));
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Writes a verbose message, with what could drive a terminal made visible: paths come from settings and files.</summary>
    private protected new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.Of(text));

    /// <summary>Writes a warning, made visible likewise.</summary>
    private protected new void WriteWarning(string text)
    {
        if (_heldWarnings is { } held)
            held.Add(text);
        else
            base.WriteWarning(VisibleText.Of(text));
    }

    /// <summary>Keeps warnings back until <see cref="ReleaseWarnings"/>: one can end the pipeline.</summary>
    private protected void HoldWarnings() => _heldWarnings ??= [];

    /// <summary>Writes the warnings that were kept back.</summary>
    private protected void ReleaseWarnings()
    {
        var held = _heldWarnings ?? [];
        _heldWarnings = null;
        held.ForEach(WriteWarning);
    }

    /// <summary>The users whom the names and wildcards of one input stand for, each once, in its file: that of the input, or of the user object that it is from.</summary>
    private protected IEnumerable<(OpenUserFile File, string Name)> OpenUsers(string[] namesOrPatterns)
    {
        OpenUserFile? ofInput = null;
        var users = namesOrPatterns.Select(PipedNameAttribute.NameAndFile).SelectMany(user =>
        {
            var file = user.File is null ? ofInput ??= OpenFile(mustExist: true) : OpenFile(mustExist: true, user.File);
            return file.Match(user.Name).Select(name => (file, name));
        });
        // A wildcard alone gives nobody twice.
        return namesOrPatterns.Length == 1 ? users : users.Distinct();
    }

    /// <summary>The file that the current input names, as it is now.</summary>
    /// <param name="mustExist">Whether a file that is not there is an error.</param>
    /// <param name="path">The file when it is not named by the parameter.</param>
    private protected OpenUserFile OpenFile(bool mustExist, string? path = null)
    {
        var location = Locate(path);
        var file = new UserFile(location.Path);
        if (!_files.TryGetValue(location.Path, out var open))
        {
            WriteVerbose($"Using the user file '{location.Path}': {location.Reason}.");
            open = new OpenUserFile(location, OnFile(location.Path, () => Read(file)));
            if (open.Snapshot.HasPermissiveMode)
                WriteWarning($"The user file '{location.Path}' can be used by its group or by others (mode {open.Snapshot.ModeText}); it holds password hashes and must be 0600. A change to the file makes it so.");
            _files.Add(location.Path, open);
        }
        else if (OnFile(location.Path, () => file.HasChangedSince(open.Snapshot)))
        {
            // A command before this one in the pipeline may have changed it.
            open.Refresh(OnFile(location.Path, () => Read(file)));
        }

        if (mustExist && !open.Snapshot.Exists)
            throw Failed(Errors.Record(NotFound(location), location.Path));
        return open;
    }

    /// <summary>Reads a user file that this pipeline opens.</summary>
    private protected virtual UserFileSnapshot Read(UserFile file) => file.Read();

    /// <summary>
    /// Does what one input asks for in a cmdlet that looks at files: where they were piped, the failure of one is an error, once, and
    /// those of others are looked at all the same.
    /// </summary>
    private protected void OnInput(Action action)
    {
        if (PipedPath is { } path && _failedPaths.Contains(path))
            return;
        _isOneOfMany = PipedPath is not null;
        try
        {
            action();
        }
        catch (FailedInputException failure)
        {
            _failedPaths.Add(PipedPath!);
            WriteError(failure.Error);
        }
        finally
        {
            _isOneOfMany = false;
        }
    }

    /// <summary>Runs something whose failure is the file's and so ends the pipeline, or what <see cref="OnInput"/> does.</summary>
    private protected T OnFile<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (PgEdgeUsersException failure)
        {
            throw Failed(Errors.Record(failure, path));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>The file that the current input names, or the one that the server uses.</summary>
    /// <param name="path">The file when it is not named by the parameter.</param>
    private protected UserFileLocation Locate(string? path = null)
    {
        path = (_isPathTyped ? Path : PipedPath) ?? path;
        return path is null ? _default ??= OnFile("", new UserFileLocator().Find) : new UserFileLocation(ResolveFile(path), "the parameter Path");
    }

    /// <summary>The absolute path of a file, as this session writes paths; anything but a path of the file system ends the pipeline.</summary>
    private protected string ResolveFile(string path)
    {
        string resolved;
        ProviderInfo provider;
        try
        {
            resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (Exception e) when (e is SessionStateException or PSInvalidOperationException or PSNotSupportedException or PSArgumentException)
        {
            throw Failed(Errors.UnusablePath(path, e.Message, e));
        }

        if (provider.Name != "FileSystem")
            throw Failed(Errors.NotAFilePath(path, provider.Name));
        if (resolved.Contains('\0', StringComparison.Ordinal))
            throw Failed(Errors.UnusablePath(path, "it has a NUL character."));
        return resolved;
    }

    /// <summary>Ends the pipeline with an error; within <see cref="OnInput"/>, where one of many files has failed, gives what ends that.</summary>
    private FailedInputException Failed(ErrorRecord error)
    {
        if (!_isOneOfMany)
            ThrowTerminatingError(error);
        return new FailedInputException(error);
    }

    /// <summary>The failure that a user file is not there.</summary>
    private protected static PgEdgeUsersException NotFound(UserFileLocation location) => new(
        FailureKind.UserFileNotFound,
        $"There is no user file '{location.Path}' ({location.Reason}). Name another with -Path, or make it with New-PgEdgeUser.");

    private sealed class FailedInputException(ErrorRecord error) : Exception
    {
        public ErrorRecord Error => error;
    }
}
