# What other programs change in the user file, such as an editor or the server's flags, is recorded at the next change.

BeforeAll {
    . $PSScriptRoot/common.ps1

    function Get-ExternalChange {
        Get-PgEdgeAuditEvent -Event ExternalChange -Path $file | ForEach-Object { "$($_.Username): $($_.Reason)" }
    }
}

Describe 'A change by another program' {
    BeforeEach {
        $file = New-UserFile
        Set-PgEdgeUser alice -Annotation Lead -Path $file
        $text = Get-Text $file
    }

    It 'is recorded at the next change, once, and says what differs' {
        $mallory = "    mallory:`n        username: mallory`n        enabled: true`n        failed_attempts: 0`n"
        $changed = $text.Replace('annotation: Lead', 'annotation: Owner').Replace('enabled: false', 'enabled: true')
        Set-UserFile $file ($changed + $mallory)

        Disable-PgEdgeUser bob -Path $file
        Enable-PgEdgeUser bob -Path $file

        Get-ExternalChange | Sort-Object | Should -Be 'alice: annotation changed', 'charlie: enabled', 'mallory: added'
    }

    It 'has no actor and no process, because nobody knows them' {
        Edit-UserFile $file 'annotation: Lead' 'annotation: Owner'
        Disable-PgEdgeUser bob -Path $file

        $recorded = Get-PgEdgeAuditEvent -Event ExternalChange -Path $file
        $recorded.Actor, $recorded.Process | Should -Be '', ''
        $recorded | Out-String | Should -Match 'ExternalChange\s+alice\s+Success'
    }

    It 'is recorded before the change that found it, also of the same user' {
        Edit-UserFile $file 'annotation: Lead' 'annotation: Owner'
        Remove-PgEdgeUser alice -Confirm:$false -Path $file

        (Get-PgEdgeAuditEvent alice -Path $file).Event | Should -Be AnnotationSet, ExternalChange, UserRemoved
    }

    It 'is recorded later if the next change is not audited' {
        Edit-UserFile $file 'annotation: Lead' 'annotation: Owner'
        Disable-PgEdgeUser bob -NoAudit -Path $file
        Enable-PgEdgeUser bob -Path $file

        Get-ExternalChange | Should -Be 'alice: annotation changed'
    }

    It 'is not assumed after <Name>' -ForEach @(
        @{
            Name = 'a change without earlier states'
            Command = { Set-PgEdgeUser alice -Annotation Boss -NoHistory -Path $file }
        }
        @{ Name = 'a lockout'; Command = {
                $login = New-Login alice 'not the right password'
                New-PgEdgeSession $login -MaxFailedAttempts 1 -Path $file -ErrorAction Ignore
            }
        }
        @{ Name = 'a rename'; Command = { Rename-PgEdgeUser alice alicia -Path $file } }
        @{ Name = 'a restore'; Command = {
                Remove-PgEdgeUser alice -Confirm:$false -Path $file
                Restore-PgEdgeUser alice -Path $file
            }
        }
        @{ Name = 'a purge'; Command = { Remove-PgEdgeUser alice -Purge -Confirm:$false -Path $file } }
    ) {
        & $Command
        Disable-PgEdgeUser bob -Path $file

        Get-ExternalChange | Should -BeNullOrEmpty
    }
}
