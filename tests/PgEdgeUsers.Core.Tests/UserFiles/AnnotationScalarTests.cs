using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Annotations as the server and this program write them. The numbers are indices into annotation-scalars.json.
/// </summary>
public sealed class AnnotationScalarTests
{
    private static readonly (string Value, string Yaml)[] Scalars = Interop.AnnotationScalars();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Scalars.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_annotation_that_the_server_wrote_reads_as_its_value(int number)
    {
        var (value, yaml) = Scalars[number];

        // The server itself loses line breaks at the beginning of an annotation.
        Assert.Equal(value.TrimStart('\n'), Store.Read(Sample.OfAlice(yaml)).Find("alice")!.Account.Annotation);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_annotation_is_kept_exactly_or_refused(int number)
    {
        var note = Scalars[number].Value;
        var added = new AddUser(Sample.Account("bob") with { Annotation = note });
        if (!IsAllowed(note))
        {
            Assert.Equal(FailureKind.InvalidAnnotation, Store.FailureOf(Sample.Alice, Store.Annotate("alice", note)));
            Assert.Equal(FailureKind.InvalidAnnotation, Store.FailureOf(Sample.Alice, added));
            return;
        }

        var edited = Store.Read(Store.Change(Sample.Alice, Store.Annotate("alice", note), added));

        Assert.Equal(note, edited.Find("alice")!.Account.Annotation);
        Assert.Equal(note, edited.Find("bob")!.Account.Annotation);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_annotation_in_any_style_of_the_server_is_replaced_completely(int number)
    {
        Assert.Equal(
            Sample.OfAlice("Team lead"),
            Store.Change(Sample.OfAlice(Scalars[number].Yaml), Store.Annotate("alice", "Team lead"))
                .Replace("\n\n", "\n", StringComparison.Ordinal));
    }

    private static bool IsAllowed(string note)
    {
        try
        {
            Annotation.Validate(note, "alice");
            return true;
        }
        catch (PgEdgeUsersException failure)
        {
            Assert.Equal(FailureKind.InvalidAnnotation, failure.Kind);
            return false;
        }
    }
}
