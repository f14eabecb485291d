using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Services;

namespace PgEdgeUsers;

/// <summary>
/// Reads a roster from piped objects: rows of a CSV file, users of a directory, users of this module, or names.
/// </summary>
/// <param name="writeError">
/// Receives an error of a row whose user is known. That user is not changed; the other rows are applied.
/// </param>
internal sealed class RosterReader(Action<ErrorRecord> writeError)
{
    private static readonly string[] AnnotationProperties = ["Annotation", "Note", "UserNote", "Description"];

    /// <summary>Reads the rows.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.RosterInvalid"/>: a row does not name a user.
    /// </exception>
    public IEnumerable<RosterEntry> Read(IEnumerable<object?> rows) =>
        rows.SelectMany((row, i) => UsersOf(row, i + 1)).Select(EntryOf);

    private static UserReference[] UsersOf(object? row, int number)
    {
        if (Unwrapped(row) is FileSystemInfo)
            throw Unusable(number, "It is a file. Import a CSV file, or specify a user file with -ReferencePath.");
        try
        {
            var users = (UserReference[])new UserReferenceTransformationAttribute().Transform(null!, row);
            return Array.Find(users, user => user.Problem is not null) is { Problem: { } problem }
                ? throw Unusable(number, $"It {problem}.")
                : users;
        }
        catch (ArgumentTransformationMetadataException failure)
        {
            throw Unusable(number, failure.Message);
        }
    }

    private static PgEdgeUsersException Unusable(int number, string problem) => new(
        FailureKind.RosterInvalid,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Row {number} of the roster does not name a user. {problem} Nothing was changed. Correct the roster."));

    private RosterEntry EntryOf(UserReference user)
    {
        if (user.Source is not { } row)
            return new RosterEntry(user.Name);
        var entry = new RosterEntry(user.IsOwnObject ? user.Name : SpreadsheetCell.Restore(user.Name));
        if (row.Properties["Decision"] is { } decision)
            return Decided(entry with { IsForExistingUser = true }, $"{decision.Value}".Trim());
        if (ErrorOf(row, user.Name, out var status, out var annotation, out var password) is { } error)
        {
            writeError(error);
            return entry with { IsInvalid = true };
        }

        return entry with
        {
            Annotation = annotation is null || user.IsOwnObject ? annotation : SpreadsheetCell.Restore(annotation),
            Enabled = status is null ? null : status == PgEdgeUserStatus.Enabled,
            Password = password,
        };
    }

    /// <summary>The entry for a decision of an access review, whose user may have been removed since.</summary>
    private RosterEntry Decided(RosterEntry entry, string decision)
    {
        switch (decision.ToUpperInvariant())
        {
            case "" or "KEEP":
                return entry;
            case "DISABLE":
                return entry with { Enabled = false };
            case "REMOVE":
                return entry with { IsRemoved = true };
            default:
                writeError(Errors.InvalidDecision(entry.Name));
                return entry with { IsInvalid = true };
        }
    }

    private static ErrorRecord? ErrorOf(
        PSObject row, string name, out PgEdgeUserStatus? status, out string? annotation, out SecureString? password)
    {
        (annotation, password) = (null, null);
        if (AccountStatus.Read(row, out status) is { } problem)
            return Errors.InvalidStatus(name, problem);
        var property = AnnotationProperties.Select(known => row.Properties[known]).FirstOrDefault(p => p is not null);
        if (property is not null && !TryText(property.Value, out annotation))
            return Errors.InvalidAnnotationProperty(name, property.Name);
        return PasswordError(Unwrapped(row.Properties["Password"]?.Value), name, out password);
    }

    private static ErrorRecord? PasswordError(object? value, string name, out SecureString? password)
    {
        password = value as SecureString;
        if (value is null or "")
            return null;
        if (password is null)
            return Errors.PlainTextPassword(name);
        try
        {
            _ = password.Length;
            return null;
        }
        catch (ObjectDisposedException)
        {
            return Errors.DisposedPassword(name);
        }
    }

    /// <summary>The text of a value; empty for none. Directories return some single values as collections.</summary>
    private static bool TryText(object? value, out string? text)
    {
        var single = Unwrapped(value);
        if (single is IEnumerable many and not string)
        {
            object?[] values = [.. many];
            single = values.Length > 1 ? values : Unwrapped(values.FirstOrDefault());
        }

        text = single is null ? "" : (single as IConvertible)?.ToString(CultureInfo.InvariantCulture);
        return text is not null;
    }

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
