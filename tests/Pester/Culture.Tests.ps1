BeforeAll {
    . $PSScriptRoot/common.ps1

    # Does the same in a culture, and returns what was shown, what is in the file, and what failed.
    function Invoke-Walk([cultureinfo] $Culture) {
        $file = New-UserFile
        $wrong = New-Secret 'not the right password'
        $before = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
        try {
            [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $Culture
            $results = @(
                Invoke-Script { Get-PgEdgeUser -Path $file | Get-Screen }
                Invoke-Script { Get-PgEdgeUser *I* -Path $file -InactiveFor 365.00:00:00 | Get-Screen }
                Invoke-Script { Enable-PgEdgeUser CHARLIE*, ALICE -Path $file }
                Invoke-Script { Set-PgEdgeUser alice -Annotation "`u{130}`u{131} 1,5" -Path $file }
                Invoke-Script { New-PgEdgeUser ALICE -Password $wrong -Path $file }
                Invoke-Script { New-PgEdgeSession -Username bob -Password $wrong -Path $file }
                Invoke-Script { "$(New-PgEdgeSession (New-Login alice) -Path $file)" }
            )
            $name = [cultureinfo]::CurrentCulture.Name
        }
        finally {
            [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $before
        }
        $login = Get-Field $file alice last_login
        @{
            Culture = $name; Output = $results.Output; Failures = $results.Failures
            Text = (Get-Text $file).Replace($login, '(now)'); LastLogin = $login
        }
    }

    $expected = Invoke-Walk ([cultureinfo]::InvariantCulture)
}

Describe 'In the culture <_>' -ForEach tr-TR, th-TH, ar-SA, fa-IR {
    It 'the same is shown, written and refused' {
        $actual = Invoke-Walk $_

        $actual.Culture | Should -Be $_
        $actual.Output | Should -BeExactly $expected.Output
        $actual.Output[-1] | Should -BeExactly alice
        $actual.Failures | Should -BeExactly 'UserNotFound: ALICE', 'UserExists: ALICE', 'AuthenticationFailed: bob'
        $actual.Failures | Should -BeExactly $expected.Failures
        $actual.Text | Should -BeExactly $expected.Text
        $actual.LastLogin |
            Should -Match '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z$'
    }
}
