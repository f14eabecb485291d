using System.Management.Automation;
using System.Management.Automation.Host;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>Asks for confirmation. If nobody can answer, that is an error, and nothing is done.</summary>
internal sealed class Confirmation(PSCmdlet cmdlet)
{
    /// <summary>Whether <c>-WhatIf</c> is given or set for the session.</summary>
    public bool IsWhatIf => cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Asks whether to go on.</summary>
    /// <param name="what">What would be changed, as the question names it.</param>
    /// <param name="action">What would be done.</param>
    /// <param name="target">The name or path, for the error.</param>
    /// <param name="impact">
    /// What the change is worth, if that is less than what the cmdlet states: a question that only the cmdlet's own
    /// impact calls for is not asked.
    /// </param>
    public bool Asks(string what, string action, string target, ConfirmImpact? impact = null)
    {
        if (impact is { } low && !IsWhatIf && !CallsFor(low))
        {
            cmdlet.WriteVerbose(VisibleText.Of($"Performing the operation \"{action}\" on target \"{what}\"."));
            return true;
        }

        try
        {
            return cmdlet.ShouldProcess(VisibleText.Of(what), action);
        }
        catch (Exception e) when (IsUnanswered(e))
        {
            cmdlet.ThrowTerminatingError(Errors.ConfirmationRequired(target, e));
            throw;
        }
    }

    /// <summary>Whether the session wants to be asked about changes of an impact.</summary>
    private bool CallsFor(ConfirmImpact impact) => cmdlet.MyInvocation.BoundParameters.ContainsKey("Confirm")
        || (LanguagePrimitives.TryConvertTo<ConfirmImpact>(cmdlet.GetVariableValue("ConfirmPreference"), out var least)
            && least != ConfirmImpact.None
            && impact >= least);

    /// <summary>
    /// Whether an exception means that a question was asked and nobody can answer: each host reports that in another
    /// way. PowerShell's console fails with a NullReferenceException of its own at the end of its input.
    /// </summary>
    public static bool IsUnanswered(Exception failure) => failure switch
    {
        HostException or PSInvalidOperationException or NotImplementedException or PSNotImplementedException => true,
        NullReferenceException => failure.Source == "Microsoft.PowerShell.ConsoleHost",
        InvalidOperationException =>
            failure.TargetSite?.Module.Assembly is { } thrower && thrower != typeof(Confirmation).Assembly,
        _ => false,
    };
}
