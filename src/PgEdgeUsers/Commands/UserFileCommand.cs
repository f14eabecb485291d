using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>
/// The base class of cmdlets that use a user file. It determines the file, handles Ctrl+C, and maps failures to errors.
/// </summary>
public abstract class UserFileCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _failedPaths = new(StringComparer.Ordinal);
    private OpenUserFiles? _files;
    private FilePaths? _paths;
    private CommandOutput? _output;
    private Confirmation? _confirmation;
    private string? _typedPath;

    /// <summary>
    /// The user file. Default: the file of a piped object, otherwise the one that the server uses on this machine.
    /// </summary>
    [Parameter]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? Path { get; set; }

    /// <summary>Cancelled when the user presses Ctrl+C.</summary>
    private protected CancellationToken Stop => _stop.Token;

    private protected CommandOutput Output => _output ??= new CommandOutput(this);

    private protected Confirmation Confirmation => _confirmation ??= new Confirmation(this);

    private protected FilePaths Paths => _paths ??= new FilePaths(this, Output);

    private protected OpenUserFiles Files => _files ??= new OpenUserFiles(Paths, Output, _typedPath, Read);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Remembers a typed path, as opposed to a piped one, and rejects a password or token in plain text.
    /// </summary>
    protected override void BeginProcessing()
    {
        _typedPath = MyInvocation.BoundParameters.ContainsKey(nameof(Path)) ? Path : null;
        if (MyInvocation.BoundParameters.Values.OfType<SecureString>().Any(SecureValueAttribute.IsRefused))
            ThrowTerminatingError(Errors.PlainTextPassword(null));
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Reads a user file that this cmdlet opens.</summary>
    private protected virtual UserFileSnapshot Read(UserFile file) => file.Read();

    /// <summary>
    /// Resolves references to users and their files, without duplicates. In a cmdlet that only reads, the failure of a
    /// file is reported once, as a non-terminating error; in a cmdlet that changes users, it is terminating.
    /// </summary>
    private protected IEnumerable<(OpenUserFile File, string Name)> Resolve(
        IEnumerable<UserReference> users, bool isReading)
    {
        var seen = new HashSet<(OpenUserFile, string)>();
        foreach (var user in users)
        {
            if (user.Problem is { } problem)
            {
                WriteError(Errors.InvalidObject(problem, user.Source));
                continue;
            }

            if (Open(user, isReading) is not { } file)
                continue;
            foreach (var name in file.Match(user))
            {
                if (seen.Add((file, name)))
                    yield return (file, name);
            }
        }
    }

    /// <summary>The user file of <see cref="Path"/>, typed or piped, or the default one.</summary>
    private protected UserFileLocation LocateFile() =>
        Path is null ? Files.Locate() : new UserFileLocation(Paths.Resolve(Path), "the parameter Path");

    /// <summary>Opens the file of a user.</summary>
    /// <returns>Null if the failure of the file was written as an error, which only happens when reading.</returns>
    private protected OpenUserFile? Open(UserReference? user, bool isReading) =>
        isReading ? OnFile(() => Files.Locate(user).Path, () => Files.Open(user)) : OpenOrStop(user);

    /// <summary>Opens the file of a user. A failure ends the pipeline.</summary>
    private protected OpenUserFile OpenOrStop(UserReference? user, bool mustExist = true)
    {
        var location = OrStop(() => Files.Locate(user), user?.Path);
        return OrStop(() => Files.Open(user, mustExist), location.Path);
    }

    /// <summary>Runs a function on a file. A failure is a non-terminating error, reported once for each file.</summary>
    /// <returns>The result; null after a failure.</returns>
    private protected T? OnFile<T>(Func<string> locate, Func<T> action)
        where T : class
    {
        var path = Path ?? "";
        try
        {
            path = locate();
            return _failedPaths.Contains(path) ? null : action();
        }
        catch (PgEdgeUsersException failure)
        {
            if (_failedPaths.Add(path))
                WriteError(Errors.Record(failure, path));
            return null;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Runs an action on a file. A failure is a non-terminating error, reported once for each file.</summary>
    private protected void OnFile(Func<string> locate, Action action) => OnFile(
        locate,
        () =>
        {
            action();
            return this;
        });

    /// <summary>Runs an action whose failure ends the pipeline.</summary>
    private protected T OrStop<T>(Func<T> action, string? target)
    {
        try
        {
            return action();
        }
        catch (PgEdgeUsersException failure)
        {
            ThrowTerminatingError(Errors.Record(failure, target ?? Path));
            throw;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
