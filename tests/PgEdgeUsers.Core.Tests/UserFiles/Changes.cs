using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A change of each kind, for users in the files of <see cref="Sample"/>.</summary>
internal static class Changes
{
    public static AddUser Add(string name = "zoe") => new(Sample.Account(name));

    public static UpdateUser Note(string note = "a note", int user = 1) =>
        new(Sample.Name(user), a => a with { Annotation = note });

    public static UpdateUser Disable(int user = 2) => new(Sample.Name(user), a => a with { Enabled = false });

    public static UpdateUser Enable(int user = 2) => new(Sample.Name(user), a => a with { Enabled = true });

    public static RemoveUser Remove(int user = 3) => new(Sample.Name(user));

    public static IEnumerable<UserChange> OfEachKind =>
        [Add(), Note(), Disable(), new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash }),
            Remove()];
}
